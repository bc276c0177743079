"""Which pages to fetch: a spider per question, and nothing else."""
