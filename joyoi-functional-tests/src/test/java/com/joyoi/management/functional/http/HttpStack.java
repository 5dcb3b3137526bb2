package com.joyoi.management.functional.http;

/** How the HTTP stacks under the C# client write the head of a request. */
enum HttpStack {
  /** .NET Core 2.1 to 3.1: headers of the content, then the host. */
  CORE {
    @Override
    String head(String line, String host, String content) {
      return line + content + "Host: " + host + "\r\n\r\n";
    }
  },

  /** .NET 5 and newer: the host comes first. */
  NET {
    @Override
    String head(String line, String host, String content) {
      return line + "Host: " + host + "\r\n" + content + "\r\n";
    }
  },

  /** .NET Framework: it asks before it sends a body. */
  FRAMEWORK {
    @Override
    String head(String line, String host, String content) {
      var expect = content.isEmpty() ? "" : "Expect: 100-continue\r\n";
      return line + content + "Host: " + host + "\r\n" + expect + "Connection: Keep-Alive\r\n\r\n";
    }

    @Override
    boolean asksBeforeTheBody() {
      return true;
    }
  };

  /**
   * All that goes ahead of the body.
   *
   * @param line the request line
   * @param content headers of the content, empty for none
   */
  abstract String head(String line, String host, String content);

  boolean asksBeforeTheBody() {
    return false;
  }
}
