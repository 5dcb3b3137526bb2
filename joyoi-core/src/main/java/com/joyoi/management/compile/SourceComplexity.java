package com.joyoi.management.compile;

import org.eclipse.jdt.core.compiler.InvalidInputException;
import org.eclipse.jdt.internal.compiler.impl.CompilerOptions;
import org.eclipse.jdt.internal.compiler.parser.Scanner;
import org.eclipse.jdt.internal.compiler.parser.TerminalToken;

/**
 * Finds texts that would keep the compiler busy for minutes or hours, without parsing them: its
 * error recovery takes more than linear time in the depth of open brackets ({@code {{{{…}) and in
 * the length of chains ({@code a.a.a.…}, {@code A<A<A<…}).
 */
final class SourceComplexity {
  /** Levels of brackets. Deeper than people write. */
  private static final int MAX_NESTING = 200;

  /** Tokens without a bracket, comma or semicolon between them: a sum of a thousand terms. */
  private static final int MAX_CHAIN = 2000;

  private SourceComplexity() {}

  /** Whether the compiler should not see this; text in comments and literals does not count. */
  static boolean isTooHigh(char[] source, int release) {
    var level = CompilerOptions.versionToJdkLevel(Integer.toString(release));
    var scanner = new Scanner(false, false, false, level, null, null, false);
    scanner.setSource(source);
    var depth = 0;
    var chain = 0;
    while (depth <= MAX_NESTING && chain <= MAX_CHAIN) {
      chain++;
      switch (next(scanner)) {
        case TokenNameLPAREN, TokenNameLBRACE, TokenNameLBRACKET -> {
          depth++;
          chain = 0;
        }
        case TokenNameRPAREN, TokenNameRBRACE, TokenNameRBRACKET -> {
          depth--;
          chain = 0;
        }
        case TokenNameCOMMA, TokenNameSEMICOLON -> chain = 0;
        case TokenNameEOF -> {
          return false;
        }
        default -> {
          // One more of the chain.
        }
      }
    }
    return true;
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
