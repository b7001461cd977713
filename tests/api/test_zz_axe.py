import time
import pytest
from typing import Any
from tests.stack import Stack
from tests.browser.window import faults
@pytest.mark.timeout(550)
def test_axe(stack: Stack, browser: Any) -> None:
    context = browser.new_context(viewport={"width":1366,"height":768}); page=context.new_page()
    page.on("console", lambda m: print("SAID",m.text))
    page.goto(f"{stack.url}/api/docs/")
    def timed(what):
        t=time.perf_counter(); f=faults(page); print(what, round(time.perf_counter()-t,1), len(f), f[:6], flush=True)
    print(page.evaluate("() => document.querySelectorAll('*').length"))
    page.evaluate("() => document.querySelectorAll('main > section:not(#start-here):not(#when-no):not(#group-cases)').forEach(s => s.remove())")
    timed("one group closed")
    page.locator("main details").evaluate_all("(all) => all.forEach((one) => { one.open = true })")
    timed("one group open")
    page.goto(f"{stack.url}/api/docs/")
    timed("all closed")
    page.locator("main details").evaluate_all("(all) => all.forEach((one) => { one.open = true })")
    timed("all open")
    context.close()
