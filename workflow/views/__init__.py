"""Frozen values that pages are given. How they are worded is the pages' business."""
