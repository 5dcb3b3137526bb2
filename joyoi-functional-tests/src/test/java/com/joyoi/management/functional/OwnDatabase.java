package com.joyoi.management.functional;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Tests that harm nobody on a database server that others use, so that {@code ./joyoi test
 * --config} runs them: they write to databases of their own alone, and drop those.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag(OwnDatabase.TAG)
public @interface OwnDatabase {
  String TAG = "own-database";
}
