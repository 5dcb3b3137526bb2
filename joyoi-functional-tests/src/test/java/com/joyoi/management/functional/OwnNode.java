package com.joyoi.management.functional;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Tests that harm nobody on a node that others use, so that {@code ./joyoi test --config} runs them
 * on each node of the configuration: they take the node from {@code LiveNode} or {@link
 * TestBed#nodes()}, end nothing that they did not start, and leave nothing. What a node can't do is
 * an aborted test.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag(OwnNode.TAG)
public @interface OwnNode {
  String TAG = "own-node";
}
