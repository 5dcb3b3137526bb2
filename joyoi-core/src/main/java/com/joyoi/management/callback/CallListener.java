package com.joyoi.management.callback;

/** Told how a call goes, on the thread that goes on with it; may block. */
public interface CallListener {
  /** It failed, and is tried again later. */
  void waiting(String reason);

  /** It has been answered, or given up; not told when it was cancelled. */
  void waitsNoMore();
}
