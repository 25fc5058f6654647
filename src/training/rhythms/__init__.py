"""The systems that look at a 10 s window: S3, S4, ours for normal/abnormal, the twelve findings, and AF from one lead."""
