"""POST a text to /count and get its most frequent words as JSON."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from wordcount import count_words

MAX_BODY = 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/":
            self.answer(200, {"status": "ok"})
        else:
            self.answer(404, {"error": "not found"})

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        if self.path != "/count":
            self.answer(404, {"error": "not found"})
        elif length > MAX_BODY:
            self.answer(413, {"error": "too large"})
        else:
            text = self.rfile.read(length).decode("utf-8", "replace")
            self.answer(200, {"words": count_words(text)})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
