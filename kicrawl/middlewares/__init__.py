"""What is done to each request on its way to the site, and to each answer on its way back.

A request passes them in this order, its answer in the opposite one; Scrapy's own redirects and retries come between
`RobotsTxt` and `Patience`.

- `SiteOnly`: nothing but the site is asked
- `GivenUp`: a run that has given up asks nothing more
- `RobotsTxt`: what robots.txt says is obeyed
- `Patience`: a site that does not serve us is left alone
- `Pace`: pauses that the site asks for
- `KeepRaw`: answers as they came, for the captures
"""

from kicrawl.middlewares.pace import Pace as Pace
from kicrawl.middlewares.patience import GivenUp as GivenUp
from kicrawl.middlewares.patience import Patience as Patience
from kicrawl.middlewares.putback import PutBack as PutBack
from kicrawl.middlewares.raw import RAW as RAW
from kicrawl.middlewares.raw import KeepRaw as KeepRaw
from kicrawl.middlewares.robots import RobotsTxt as RobotsTxt
from kicrawl.middlewares.siteonly import SiteOnly as SiteOnly
from kicrawl.middlewares.siteonly import encrypted as encrypted
from kicrawl.middlewares.siteonly import fault as fault
