package com.joyoi.management.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an actor's body is written in. */
public enum ActorLanguage {
  /** Java source with a {@code main}; compiled when it is stored, run as a jar. */
  JAVA("java"),
  BASH("bash"),
  PYTHON("python");

  /** A byte-order mark, {@code #!}, folders, {@code env} with its options, and the name. */
  private static final Pattern INTERPRETER =
      Pattern.compile("\uFEFF?#![ \\t]*(?:[^\\s]*/)?(?:env[ \\t]+(?:-[^\\s]+[ \\t]+)*)?([^\\s/]*)");

  private static final Pattern PYTHON_NAME = Pattern.compile("python[0-9.]*");

  private final String wireName;

  ActorLanguage(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire, in the database and in {@code JOYOI_ACTOR_LANGUAGE}. */
  @JsonValue
  public String wireName() {
    return wireName;
  }

  /**
   * Reads a name (without regard to case) or a number.
   *
   * @throws IllegalArgumentException naming the value and what would be right
   */
  @JsonCreator
  public static ActorLanguage parse(String text) {
    return WireNames.parse(values(), ActorLanguage::wireName, text);
  }

  /**
   * The language that a body names itself, by the interpreter in a first line such as {@code
   * #!/bin/bash} or {@code #!/usr/bin/env python3}.
   *
   * @param otherwise where there is no such line
   * @return null for an interpreter that is none of ours
   */
  public static @Nullable ActorLanguage namedBy(String body, ActorLanguage otherwise) {
    var matcher = INTERPRETER.matcher(body);
    if (!matcher.lookingAt()) {
      return otherwise;
    }
    var interpreter = matcher.group(1);
    if (interpreter.equals("bash") || interpreter.equals("sh")) {
      return BASH;
    }
    return PYTHON_NAME.matcher(interpreter).matches() ? PYTHON : null;
  }
}
