// Tries: to take memory that is not on the heap
// Verdict: MemoryExceeded or RuntimeError or TimeExceeded
import java.nio.ByteBuffer;
import java.util.ArrayList;

public class Main {
  public static void main(String[] words) {
    var all = new ArrayList<ByteBuffer>();
    while (true) {
      var buffer = ByteBuffer.allocateDirect(1 << 20);
      for (int i = 0; i < buffer.capacity(); i += 4096) buffer.put(i, (byte) 1);
      all.add(buffer);
    }
  }
}
