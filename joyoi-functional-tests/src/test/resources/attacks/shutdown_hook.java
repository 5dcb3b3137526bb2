// Tries: to go on when it is told to end
// Verdict: TimeExceeded
public class Main {
  public static void main(String[] words) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> { while (true) {} }));
    System.out.println(7);
    System.exit(0);
  }
}
