"""A service that speaks the protocol of chat completions: keeps what comes, answers as told."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SCENE = "MID06"


def labelled(items, **changed):
    """Return the answers of a model that finds every text a hurried complaint."""
    said = {"scene": SCENE, "sentiment": "negative", **changed}
    return [{"id": item["id"], "quote": item["text"], **said} for item in items]


def named(items, **changed):
    """Return the answers of a model that calls every group the same."""
    said = {"name": "刻字定制", "aspect": "NONE", **changed}
    return [{"id": item["id"], "quote": item["quotes"][0], **said} for item in items]


def content_of(answers):
    return json.dumps({"answers": answers}, ensure_ascii=False)


def completion(content, tokens=100):
    body = {"choices": [{"message": {"role": "assistant", "content": content}}]}
    return body if tokens is None else {**body, "usage": {"total_tokens": tokens}}


def well(items):
    answers = named(items) if "phrase" in items[0] else labelled(items)
    return 200, completion(content_of(answers)), {}


class Service:
    """`answers` are what it says in turn, then `well`; each makes status, body and headers."""

    def __init__(self):
        self.came, self.answers, self.go_on = [], [], threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.came.append((self.path, dict(self.headers), body))
                items = json.loads(body["messages"][-1]["content"])
                answer = service.answers.pop(0) if service.answers else well
                status, said, headers = answer(items)
                content = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def items(self):
        """Return the items of all questions that came, in order."""
        bodies = [json.loads(body["messages"][-1]["content"]) for _, _, body in self.came]
        return [item for items in bodies for item in items]

    @property
    def texts(self):
        """Return the texts that came, in order."""
        return [item["text"] for item in self.items if "text" in item]

    def silent(self, items):
        """Answer only once nobody waits any more."""
        self.go_on.wait(10)
        return well(items)


@contextmanager
def serving():
    service = Service()
    thread = threading.Thread(target=service.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield service
    finally:
        service.go_on.set()
        service.server.shutdown()
        thread.join()
        service.server.server_close()


def says(content, tokens=100):
    return lambda _: (200, completion(content, tokens), {})


def fails(status, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: (status, {"error": {"message": "no"}}, named)
