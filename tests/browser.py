"""A browser without a window that opens one page, keeps what it says and asks for, and takes pictures of it."""

import base64
import io
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

NEEDED = "the browser tests need chromium and its driver; on Debian: apt-get install chromium chromium-driver"
OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--window-size=1400,1000", "--hide-scrollbars",
)  # fmt: skip


@contextmanager
def chromium() -> Iterator[Any]:
    """Chromium through selenium; a test that finds none is skipped, and fails where CI must have it."""
    browser, driver = shutil.which("chromium") or shutil.which("chromium-browser"), shutil.which("chromedriver")
    if browser is None or driver is None:
        if os.environ.get("HELIORACK_CI") == "1":
            pytest.fail(NEEDED)
        pytest.skip(NEEDED)
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for option in OPTIONS:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield found
    finally:
        found.quit()


class Report:
    """A report that is open and drawn."""

    def __init__(self, driver: Any, path: Path, scheme: str = "light") -> None:
        self.driver = driver
        self.scheme(scheme)
        driver.get(path.resolve().as_uri())
        self.wait("document.documentElement.dataset.drawn === 'yes' || document.body.classList.contains('broken')")

    def wait(self, condition: str, seconds: float = 60.0) -> None:
        """Until a condition of the page holds."""
        begun = time.monotonic()
        while not self.driver.execute_script(f"return {condition}"):
            assert time.monotonic() - begun < seconds, condition
            time.sleep(0.1)

    def scheme(self, name: str) -> None:
        """Light or dark, as the reader's system has it."""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

    def picture(self, selector: str) -> np.ndarray:
        """What an element looks like, (height, width, 3)."""
        from PIL import Image
        from selenium.webdriver.common.by import By

        element = self.driver.find_element(By.CSS_SELECTOR, selector)
        self.driver.execute_script(
            "arguments[0].scrollIntoView({block: 'center'});"
            "return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))",
            element,
        )
        png = element.screenshot_as_png
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)

    def changes(self, selector: str, before: np.ndarray, share: float, seconds: float = 20.0) -> np.ndarray:
        """The element once more than such a share of its points differ from a picture taken before; it draws when it can."""
        begun = time.monotonic()
        while changed(before, now := self.picture(selector)) <= share:
            assert time.monotonic() - begun < seconds, f"{selector} has changed by {changed(before, now):.4f} only"
            time.sleep(0.2)
        return now

    def choose(self, selector: str, value: int) -> None:
        """Set a slider or a list, as a reader does."""
        script = (
            "const e = document.querySelector(arguments[0]); e.value = String(arguments[1]); for (const k of ['input', 'change']) "
            "e.dispatchEvent(new Event(k, {bubbles: true}))"
        )
        self.driver.execute_script(script, selector, value)

    def printed(self) -> str:
        """Text of the page as it prints."""
        from pypdf import PdfReader

        pdf = self.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(base64.b64decode(pdf))).pages)

    def severe(self) -> list[str]:
        """What the console calls an error."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def asked(self) -> set[str]:
        """Addresses that the page asked for."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}


def shades(picture: np.ndarray) -> int:
    """How many different colours a picture has."""
    return len(np.unique(picture.reshape(-1, 3), axis=0))


def changed(one: np.ndarray, other: np.ndarray) -> float:
    """Part of the points that are not the same."""
    return float((np.abs(one - other).max(axis=2) > 3).mean())
