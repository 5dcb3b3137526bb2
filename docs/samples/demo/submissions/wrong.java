import java.util.Scanner;

/** Adds in an int, which the third case overflows. */
public class Main {
  public static void main(String[] args) {
    Scanner in = new Scanner(System.in);
    int n = in.nextInt();
    int sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (int) in.nextLong();
    }
    System.out.println(sum);
  }
}
