"""Commands in, answers out, one JSON object a line. See README.md one folder up."""
import base64
import json
import sys
import traceback


class Refused(Exception):
    """The broker's answer is an error, with its code if the client tells it."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def b64(value):
    return None if value is None else base64.b64encode(value).decode()


def raw(value):
    return None if value is None else base64.b64decode(value)


def serve(commands):
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"ok": commands[command.pop("do")](**command)}
        except Refused as e:
            answer = {"error": e.code, "text": str(e)}
        except Exception as e:  # what the client throws is what the suite wants to see
            answer = {"error": None, "text": f"{type(e).__name__}: {e}", "trace": traceback.format_exc()}
        print(json.dumps(answer), flush=True)
