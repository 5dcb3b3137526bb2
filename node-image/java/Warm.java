import java.util.*;

/** What java-program compiles while the image is built, so that its archive has the classes that compiling needs. */
public class Warm {
  interface Shape {
    double area();
  }

  record Square(double side) implements Shape {
    @Override
    public double area() {
      return side * side;
    }
  }

  enum Kind {
    ONE,
    TWO
  }

  static <T extends Comparable<T>> T largest(List<? extends T> values) {
    T found = null;
    for (T value : values) {
      if (found == null || value.compareTo(found) > 0) found = value;
    }
    return found;
  }

  public static void main(String[] args) {
    Scanner in = new Scanner(System.in);
    Map<String, List<Integer>> all = new TreeMap<>();
    int[][] grid = new int[3][4];
    for (int i = 0; i < 3; i++) grid[i][i] += i << 1;
    while (in.hasNext()) {
      String word = in.next();
      switch (word) {
        case "a" -> all.computeIfAbsent(word, key -> new ArrayList<>()).add(grid[0][0]);
        default -> throw new IllegalStateException(word + Kind.ONE.ordinal());
      }
    }
    var text = all.keySet().stream().map(String::length).sorted(Comparator.reverseOrder()).toList();
    try {
      System.out.println(largest(text) + new Square(2).area());
    } catch (RuntimeException e) {
      System.out.printf("%s%n", e);
    }
  }
}
