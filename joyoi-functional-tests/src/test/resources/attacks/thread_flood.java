// Tries: to make threads without an end
// Verdict: RuntimeError or TimeExceeded or MemoryExceeded
public class Main {
  public static void main(String[] words) {
    while (true) {
      new Thread(() -> { while (true) { try { Thread.sleep(1000); } catch (InterruptedException e) { } } }).start();
    }
  }
}
