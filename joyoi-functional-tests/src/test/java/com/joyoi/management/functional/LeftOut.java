package com.joyoi.management.functional;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** Why {@code ./joyoi test --config} does not run a class or a test on an operator's nodes. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag(LeftOut.TAG)
public @interface LeftOut {
  String TAG = "left-out";

  /** For the operator. */
  String value();
}
