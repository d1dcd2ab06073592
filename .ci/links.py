"""Points the links of the book that leave it at the repository, and names every link that leads nowhere.

Takes the folder of the book, and where the repository is: its address, or nothing for the files of this checkout.
"""

import pathlib
import re
import sys
from html.parser import HTMLParser

site, address = pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 and sys.argv[2] else "../../"
repository = pathlib.Path(__file__).parent.parent
# What has no place of its own: everything at once, the list of chapters, and the page of what is not found.
ASIDE = {"print.html", "toc.html", "404.html"}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.names, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" and value:
                self.names.add(value)
            if name in ("href", "src") and value:
                self.links.append(value)


def outwards(found):
    path, heading = found[1], found[2] or ""
    source = re.sub(r"[.]html$", ".md", path)
    path = source if (repository / source).exists() else path
    if not (repository / path).exists():
        sys.exit(f"`{path}` is not in the repository")
    return f'href="{address}{path}{heading}"'


pages = {}
for file in sorted(site.glob("*.html")):
    text = re.sub(r'href="[.][.]/([^"#]*)(#[^"]*)?"', outwards, file.read_text())
    file.write_text(text)
    pages[file.name] = Page(text)

dead = []
for name, page in pages.items():
    for link in page.links:
        path, _, heading = link.partition("#")
        if name in ASIDE or ":" in link or link.startswith(address):
            continue
        other = pages.get(path or name)
        if other is None and not (site / path).exists() or other and heading and heading not in other.names:
            dead.append(f"{name}: {link}")
print(f"{len(pages)} pages")
if dead:
    sys.exit("links that lead nowhere:\n" + "\n".join(dead))
