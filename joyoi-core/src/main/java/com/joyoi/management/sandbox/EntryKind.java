package com.joyoi.management.sandbox;

/** What can stand in a folder; the names are the protocol's. */
public enum EntryKind {
  FILE,
  FOLDER,
  LINK,
  SOCKET,
  OTHER
}
