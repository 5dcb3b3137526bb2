// Tries: to end without a word
// Verdict: RuntimeError
public class Main {
  public static void main(String[] words) {
    System.out.println(7);
    System.out.flush();
    Runtime.getRuntime().halt(3);
  }
}
