"""A package ``karrio`` that misbehaves as the real one was measured to, and worse when told.

Written to a folder, because the name ``karrio`` must be importable in a worker and must not be
here. It is ours: names and habits of karrio's interface, none of its code.
"""

from __future__ import annotations

from pathlib import Path

FILES = {
    "loguru.py": """
class _Logger:
    removed = False
    def remove(self):
        _Logger.removed = True
logger = _Logger()
""",
    "karrio/__init__.py": "",
    "karrio/core/__init__.py": "",
    "karrio/core/utils/helpers.py": """
import json, ssl, urllib.request
from urllib.request import urlopen
from urllib.error import HTTPError
import loguru
ssl._create_default_https_context = ssl._create_unverified_context
def _urlopen_with_span(req, timeout=None):
    return urlopen(req, timeout=timeout)
def zpl_to_pdf(zpl_str, width, height, dpmm=12):
    return request(url="http://api.labelary.com/v1/printers/", data=zpl_str)
def image_to_pdf(image_str, rotate=None, resize=None):
    return "made anew"
def bundle_base64(base64_strings, format="PDF"):
    return "bundle of " + str(len(base64_strings))
def request(url, data=None, method="POST"):
    body = None if data is None else json.dumps(data).encode()
    asked = urllib.request.Request(url, data=body, method=method)
    try:
        with _urlopen_with_span(asked) as answer:
            return json.loads(answer.read())
    except HTTPError as exc:
        return json.loads(exc.read() or b"{}")
""",
    "karrio/core/utils/__init__.py": """
from karrio.core.utils.helpers import *
class Cache: pass
class Tracer: pass
class SystemConfig: pass
""",
    "karrio/lib.py": """
def to_object(kind, values):
    return kind(values)
""",
    "karrio/api/__init__.py": "",
    "karrio/api/hooks.py": """
class Hooks:
    def __init__(self, settings): pass
""",
    "karrio/api/gateway.py": """
class Gateway:
    capabilities = ["shipping", "rating"]
    def __init__(self, **parts):
        self.__dict__.update(parts)
""",
    "karrio/api/interface.py": """
import karrio.core.utils as utils
from karrio.core.utils import helpers
class Attr:
    def __init__(self, name): self.name = name
class Message:
    __attrs_attrs__ = [Attr("code"), Attr("message")]
    def __init__(self, code, message): self.code, self.message = code, message
class Answer:
    def __init__(self, found): self.found = found
    def parse(self): return self.found
class Asking:
    def __init__(self, verb, payload): self.verb, self.payload = verb, payload
    def from_(self, gateway):
        return Answer(gateway.proxy.do(self.verb, self.payload))
def _asking(verb):
    return staticmethod(lambda payload: Asking(verb, payload))
class Rating: fetch = _asking("rate")
class Shipment:
    create = _asking("buy")
    cancel = _asking("void")
class Tracking: fetch = _asking("track")
""",
    "karrio/plugins/__init__.py": "",
    "karrio/plugins/ups/__init__.py": """
import os, ssl, threading, time
import karrio.core.utils as utils
from karrio.core.utils import helpers
from karrio.api.interface import Message
HOST = "https://onlinetools.ups.com"
class Settings:
    def __init__(self, values): self.__dict__.update(values)
class Mapper:
    def __init__(self, settings): pass
class Proxy:
    def __init__(self, settings): self.settings = settings
    def do(self, verb, payload):
        return getattr(self, payload.get("habit", "http"))(verb, payload)
    def http(self, verb, payload):
        helpers.request(HOST + "/security/v1/oauth/token")
        found = helpers.request(HOST + "/api/" + verb, payload)
        return found.get("result"), [Message(**each) for each in found.get("messages", [])]
    def other_host(self, verb, payload):
        return helpers.request("https://api.labelary.com/x"), []
    def plain_http(self, verb, payload):
        return helpers.request("http://onlinetools.ups.com/x"), []
    def convert(self, verb, payload):
        return utils.zpl_to_pdf("XlhB", 4, 6), []
    def labels(self, verb, payload):
        return {"picture": utils.image_to_pdf("R0lG"), "one": utils.bundle_base64(["JVBE"]),
                "two": utils.bundle_base64(["a", "b"]), "total_charge": 12.1}, []
    def prints(self, verb, payload):
        print("{not a line of the protocol", flush=True)
        os.write(1, b"nor this\\n")
        return {"total_charge": 0.1 + 0.2, "days": 3, "ok": True, "at": complex(1)}, []
    def hangs(self, verb, payload):
        thread = threading.Thread(target=time.sleep, args=[600])
        thread.start()
        thread.join()
    def buys_and_hangs(self, verb, payload):
        helpers.request(HOST + "/api/" + verb, payload)
        time.sleep(600)
    def exits(self, verb, payload):
        os._exit(3)
    def raises(self, verb, payload):
        raise ValueError("too many values to unpack")
    def turns_off(self, verb, payload):
        ssl._create_default_https_context = ssl._create_unverified_context
        return {}, []
    def where(self, verb, payload):
        return {"folder": os.listdir("."), "environment": sorted(os.environ)}, []
class METADATA:
    Settings, Mapper, Proxy = Settings, Mapper, Proxy
""",
}


def written(folder: Path) -> Path:
    """The package below ``folder``."""
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder
