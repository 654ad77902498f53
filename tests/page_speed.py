"""How soon the pages of the built site are at rest: `python tests/page_speed.py`.

In Chromium, at the size of a phone, on a CPU slowed four times: the time to the first
paint, the total blocking time (what tasks take beyond 50 ms), the layout shift, and
the bytes of the page itself."""
from tabulate import tabulate
from tqdm import tqdm
from web import BROWSER, FLAGS, SITE, serve

OBSERVE = """
window.seen = {shift: 0, blocked: 0, paint: 0};
const watch = (type, each) => new PerformanceObserver(
  list => list.getEntries().forEach(each)).observe({type, buffered: true});
watch("layout-shift", e => { if (!e.hadRecentInput) seen.shift += e.value; });
watch("longtask", e => { seen.blocked += Math.max(0, e.duration - 50); });
watch("paint", e => { seen.paint = e.startTime; });
"""
PHONE = dict(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)


def measure(page, address):
    "Layout shift, and milliseconds blocked and to the first paint, of a new page."
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(OBSERVE)
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    return page.evaluate("() => seen")


def main():
    from playwright.sync_api import sync_playwright
    rows = []
    with sync_playwright() as playwright, serve(SITE) as address:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        for path in tqdm(sorted(SITE.glob("*.html")), unit="page"):
            context = browser.new_context(**PHONE)
            seen = measure(context.new_page(), f"{address}/{path.name}")
            context.close()
            rows.append([path.stem, seen["paint"], seen["blocked"], seen["shift"],
                         path.stat().st_size / 1000])
    rows.sort(key=lambda row: -row[2])
    print(tabulate(rows, ["page", "first paint, ms", "blocked, ms", "layout shift",
                          "kB"], floatfmt=("", ".0f", ".0f", ".3f", ".0f")))


if __name__ == "__main__": main()
