#!/usr/bin/env python3
"""Runs the program against moto's S3 server, behind a check of each request's signature.

usage: s3_check.py ALUDEL
needs: pip install 'moto[server]' boto3

A source lies in a bucket, as more objects than a page of a listing holds and one of 30 MB; a run is written into a bucket
and onto a disk. Both must hold the same bytes, a large file must have gone up in parts, a killed run must go on, requests
signed with a wrong secret must be refused, and the secret may stand in nothing that was sent, written or said.
"""
import gzip
import hashlib
import hmac
import io
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

import boto3
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

OBJECTS = 1203  # a page of a listing has 1,000
KEY, SECRET, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI+K7MDENG/bPxRfiCYEXAMPLEKEY", "eu-central-1"
LAYERS = ["language", "metrics", "repetition", "correction", "perplexity", "quality", "minhash_dedup", "safety", "topic", "semantic"]


class CheckedSignatures:
    """Passes on what is signed as docs.aws.amazon.com's "Signature Version 4" says, written anew from that page."""

    def __init__(self, application):
        self.application = application
        self.good = self.wrong = self.parts = 0
        self.leaks = 0

    def __call__(self, environ, start_response):
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
        headers["content-type"] = environ.get("CONTENT_TYPE", "")
        path, _, query = environ["RAW_URI"].partition("?")
        self.leaks += SECRET in str(headers) + environ["RAW_URI"] or SECRET.encode() in body
        if not self.is_signed(environ["REQUEST_METHOD"], path, query, headers, body):
            self.wrong += 1
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"<Error><Code>SignatureDoesNotMatch</Code><Message>The signature is wrong.</Message></Error>"]
        self.good += 1
        self.parts += "partNumber=" in query
        environ["wsgi.input"] = io.BytesIO(body)
        return self.application(environ, start_response)

    @staticmethod
    def is_signed(method, path, query, headers, body):
        scheme, _, rest = headers.get("authorization", "").partition(" ")
        fields = dict(field.strip().split("=", 1) for field in rest.split(",") if "=" in field)
        payload = hashlib.sha256(body).hexdigest()
        if scheme != "AWS4-HMAC-SHA256" or headers.get("x-amz-content-sha256") != payload:
            return False
        scope = fields["Credential"].split("/", 1)[1]
        names = fields["SignedHeaders"].split(";")
        lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in names)
        pairs = sorted(pair if "=" in pair else pair + "=" for pair in query.split("&") if pair)
        canonical = "\n".join([method, path, "&".join(pairs), lines, fields["SignedHeaders"], payload])
        text = "\n".join([scheme, headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + SECRET).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        mine = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names) and mine == fields["Signature"]


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


def line(number):
    chosen = random.Random(number)
    text = "\n".join(f"{chosen.getrandbits(2400):0600x} \u4f60\u597d" for _ in range(8))
    return json.dumps({"id": f"page {number}", "text": text}) + "\n"


def make_source(folder):
    for number in range(OBJECTS):
        (folder / f"{number % 7}").mkdir(exist_ok=True, parents=True)
        (folder / f"{number % 7}" / f"page {number} \u4f60+&.jsonl").write_text(line(number), encoding="utf8")
    with gzip.open(folder / "large.jsonl.gz", "wt", compresslevel=1, encoding="utf8") as file:
        file.writelines(line(number) for number in range(OBJECTS, OBJECTS + 12000))


def config(source):
    off = "\n".join(f'{layer} = "off"' for layer in LAYERS)
    return f'preset = "rules"\ntask_megabytes = 1\nshard_megabytes = 40\n[layers]\n{off}\n[[sources]]\nname = "s"\nkind = "open"\npath = "{source}"\n'


def run(program, arguments, environment, check=True):
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)
    assert SECRET not in done.stdout + done.stderr, "the secret was printed"
    if check and done.returncode != 0:
        sys.exit(f"{arguments} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done


def objects_of(client, prefix):
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="corpus", Prefix=prefix + "/")
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    return {key[len(prefix) + 1 :]: client.get_object(Bucket="corpus", Key=key)["Body"].read() for key in keys}


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def same(name, left, right):
    for files in (left, right):
        for timed in ("report/timing.json", "report.html", "manifest.jsonl", "config.resolved.toml"):
            files.pop(timed, None)
    assert sorted(left) == sorted(right), (name, sorted(left), sorted(right))
    different = [path for path in left if left[path] != right[path]]
    assert not different, (name, different)
    print(f"{name}: {len(left)} files, {sum(map(len, left.values()))} bytes, the same as on a disk")


def kill_and_resume(program, toml, environment, client):
    process = subprocess.Popen([program, "curate", toml, "--out", "s3://corpus/killed", "--threads", "1"], env=environment, stderr=subprocess.DEVNULL)
    for _ in range(3000):
        time.sleep(0.02)
        try:
            if client.head_object(Bucket="corpus", Key="killed/manifest.jsonl")["ContentLength"] > 3000:
                break
        except client.exceptions.ClientError:
            pass
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was done before it could be killed"
    rows = len(client.get_object(Bucket="corpus", Key="killed/manifest.jsonl")["Body"].read().splitlines())
    run(program, ["curate", toml, "--out", "s3://corpus/killed"], environment)
    print(f"killed after {rows} tasks, and went on")


def main():
    program = os.path.abspath(sys.argv[1])
    checked = CheckedSignatures(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, checked, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    names = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": REGION}
    environment = {**os.environ, **names, "AWS_ENDPOINT_URL_S3": endpoint}
    client = boto3.client("s3", endpoint_url=endpoint, region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET,
                          config=boto3.session.Config(request_checksum_calculation="when_required", s3={"payload_signing_enabled": True}))
    client.create_bucket(Bucket="corpus", CreateBucketConfiguration={"LocationConstraint": REGION})
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        make_source(scratch / "in")
        for path, content in files_of(scratch / "in").items():
            client.put_object(Bucket="corpus", Key="in/" + path, Body=content)
        assert checked.wrong == 0, "boto3's own requests pass the check"
        (scratch / "disk.toml").write_text(config(scratch / "in"))
        (scratch / "s3.toml").write_text(config("s3://corpus/in"))
        (scratch / "glob.toml").write_text(config("s3://corpus/in/**.jsonl*"))
        start = time.time()
        run(program, ["curate", str(scratch / "disk.toml"), "--out", str(scratch / "out")], environment)
        print(f"disk to disk: {time.time() - start:.1f} s")
        disk = files_of(scratch / "out")
        for name in ("s3", "glob"):
            start, before = time.time(), checked.good
            run(program, ["curate", str(scratch / f"{name}.toml"), "--out", f"s3://corpus/{name}"], environment)
            print(f"{name} to s3: {time.time() - start:.1f} s, {checked.good - before} requests")
            same(name, objects_of(client, name), dict(disk))
        kill_and_resume(program, str(scratch / "s3.toml"), environment, client)
        same("killed", objects_of(client, "killed"), dict(disk))
        assert checked.parts >= 6, "each run's largest file goes up in parts"
        assert not client.list_multipart_uploads(Bucket="corpus").get("Uploads"), "no upload is left"
        assert checked.wrong == 0 and checked.leaks == 0, (checked.wrong, checked.leaks)
        print(f"{checked.good} requests, all signed rightly; {checked.parts} parts of uploads")
        refused = run(program, ["curate", str(scratch / "s3.toml"), "--out", str(scratch / "x")], {**environment, "AWS_SECRET_ACCESS_KEY": "wrong"}, check=False)
        assert refused.returncode == 1 and "the store answered 403; check AWS_ACCESS_KEY_ID" in refused.stderr, refused
        assert checked.wrong > 0
        print("a wrong secret is refused: " + refused.stderr.strip().splitlines()[-1][:160])
        written = b"".join(files_of(scratch / "out").values()) + b"".join(objects_of(client, "s3").values())
        assert SECRET.encode() not in written and KEY.encode() not in written
    server.shutdown()
    print("s3_check: passed")


if __name__ == "__main__":
    main()
