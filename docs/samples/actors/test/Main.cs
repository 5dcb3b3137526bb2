using System;
using System.Collections.Generic;

public static class Program {
  public static void Main() {
    string[] words = Console.In.ReadToEnd().Split(new[] {' ', '\n'}, StringSplitOptions.RemoveEmptyEntries);
    switch (words[0]) {
      case "sum": Console.WriteLine(long.Parse(words[1]) + long.Parse(words[2])); break;
      case "loop": while (true) {}
      case "big":
        for (var all = new List<byte[]>();;) {
          var block = new byte[1 << 20];
          for (int i = 0; i < block.Length; i += 4096) block[i] = 1;
          all.Add(block);
        }
      default: throw new Exception("crash");
    }
  }
}
