package com.joyoi.management.model;

/**
 * One remark of a compiler.
 *
 * @param line from 1; 0 when it belongs to no line
 * @param column from 1; 0 when it belongs to no column
 */
public record Diagnostic(long line, long column, String message) {
  @Override
  public String toString() {
    return line + ":" + column + ": " + message;
  }
}
