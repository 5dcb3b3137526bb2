import java.util.ArrayList;
import java.util.Scanner;

public class Main {
  public static void main(String[] args) {
    Scanner in = new Scanner(System.in);
    switch (in.next()) {
      case "sum" -> System.out.println(in.nextLong() + in.nextLong());
      case "loop" -> {
        while (true) {}
      }
      case "big" -> {
        for (var all = new ArrayList<byte[]>(); ; ) all.add(new byte[1 << 20]);
      }
      default -> throw new IllegalStateException("crash");
    }
  }
}
