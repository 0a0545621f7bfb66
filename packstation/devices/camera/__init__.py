"""Cameras: frames in, codes out. numpy, OpenCV and the decoders load when a camera is open."""
