package com.joyoi.management.node;

import java.util.ArrayList;
import java.util.List;

/** What a change of the pool brings about outside of its lock. */
final class Outcome {
  final List<Grants.Grant> grants = new ArrayList<>();
  final List<Making> makings = new ArrayList<>();
  final List<IdleSandbox> spent = new ArrayList<>();
}
