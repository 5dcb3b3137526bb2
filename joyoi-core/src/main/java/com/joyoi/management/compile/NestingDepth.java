package com.joyoi.management.compile;

import org.eclipse.jdt.core.compiler.InvalidInputException;
import org.eclipse.jdt.internal.compiler.impl.CompilerOptions;
import org.eclipse.jdt.internal.compiler.parser.Scanner;
import org.eclipse.jdt.internal.compiler.parser.TerminalToken;

/**
 * How deep the brackets of a source nest, without parsing it: the compiler needs hours to repair a
 * text of some thousand open brackets.
 */
final class NestingDepth {
  private NestingDepth() {}

  /** The deepest level; text in comments and literals does not count. */
  static int of(char[] source, int release) {
    var level = CompilerOptions.versionToJdkLevel(Integer.toString(release));
    var scanner = new Scanner(false, false, false, level, null, null, false);
    scanner.setSource(source);
    var depth = 0;
    var deepest = 0;
    while (true) {
      switch (next(scanner)) {
        case TokenNameLPAREN, TokenNameLBRACE, TokenNameLBRACKET ->
            deepest = Math.max(deepest, ++depth);
        case TokenNameRPAREN, TokenNameRBRACE, TokenNameRBRACKET -> depth--;
        case TokenNameEOF -> {
          return deepest;
        }
        default -> {
          // Does not nest.
        }
      }
    }
  }

  private static TerminalToken next(Scanner scanner) {
    var position = scanner.currentPosition;
    try {
      return scanner.getNextToken();
    } catch (InvalidInputException e) {
      // Reported by the compiler itself, later. Here it must only go on behind it.
      if (scanner.currentPosition <= position) {
        scanner.currentPosition = position + 1;
      }
      return TerminalToken.TokenNameInvalid;
    }
  }
}
