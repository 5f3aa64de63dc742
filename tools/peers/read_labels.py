#!/usr/bin/env python3
"""Reads COCO instances with a peer and prints how many images, objects and classes it has found.

  read_labels.py hotcoco|pycocotools FILE
"""
import sys

tool, file = sys.argv[1:]
if tool == "hotcoco":
    from hotcoco import COCO
else:
    from pycocotools.coco import COCO
coco = COCO(file)
print(len(coco.getImgIds()), len(coco.getAnnIds()), len(coco.getCatIds()))
