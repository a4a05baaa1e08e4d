"""Reads the pictures of `cargo xtask bench scan` with zbar and zxing-cpp: one JSON line for each picture and reader."""

import json
import pathlib
import sys
import time

import numpy
import zxingcpp
from pyzbar import pyzbar

folder = pathlib.Path(sys.argv[1])


def zbar(grey):
    height, width = grey.shape
    found = pyzbar.decode((grey.tobytes(), width, height), symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [code.data.decode("utf-8", "replace") for code in found]


def zxing(grey):
    return [code.text for code in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)]


for line in (folder / "pictures.jsonl").read_text().splitlines():
    number = json.loads(line)["picture"]
    raw = numpy.fromfile(folder / f"{number}.grey", dtype=numpy.uint8)
    width, height = raw[:8].view("<u4")
    grey = numpy.ascontiguousarray(raw[8:].reshape(height, width))
    for name, reader in (("zbar", zbar), ("zxing-cpp", zxing)):
        start = time.perf_counter()
        texts = reader(grey)
        ms = (time.perf_counter() - start) * 1000
        print(json.dumps({"picture": number, "reader": name, "ms": ms, "texts": texts}))
