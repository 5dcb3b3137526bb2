package com.joyoi.management.compile;

import static com.joyoi.management.compile.Sources.stateMachine;
import static com.joyoi.management.compile.Sources.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.usercode.FakeContext;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ClassUnloadingTest {
  /** Each filled with a megabyte: enough to make any collector look at everything. */
  private static final int MAX_COLLECTIONS = 100;

  @Test
  void classes_ofASourceThatNobodyUsesAnyMore_areCollected() {
    var compiler = new SourceCompiler(1);
    var loader = loaderOfAnObjectThatRan(compiler);
    // Takes the only place of the cache.
    value(compiler.compileStateMachine(stateMachine("Next")));

    assertThat(isCollected(loader)).isTrue();
  }

  /** In a method of its own, so that no local variable holds the object. */
  private static WeakReference<ClassLoader> loaderOfAnObjectThatRan(SourceCompiler compiler) {
    var source =
        stateMachine("Used", "uploadJsonAsync(\"a\", new R(1)).join(); return completed();")
            + "record R(int a) {}";
    var object = value(compiler.compileStateMachine(source)).newInstance();
    object.bind(new FakeContext());
    try {
      object.runAsync().join();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return new WeakReference<>(object.getClass().getClassLoader());
  }

  private static boolean isCollected(WeakReference<?> reference) {
    var ballast = new ArrayList<byte[]>();
    for (var i = 0; i < MAX_COLLECTIONS && reference.get() != null; i++) {
      ballast.add(new byte[1 << 20]);
      System.gc();
    }
    return reference.get() == null;
  }
}
