package com.joyoi.management.functional;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that run actors on the nodes, and fail when they leave a container there. {@code ./joyoi
 * test --all} runs them under each {@code Container.Reuse}, so what one expects holds under all of
 * them, or asks {@link TestBed#reuse()}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LeavesNothing.class)
@Tag(RunsActors.TAG)
public @interface RunsActors {
  String TAG = "runs-actors";
}
