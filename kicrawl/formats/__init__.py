"""The forms in which an archive is taken elsewhere: lines of JSON, CSV, Parquet, a data package."""
