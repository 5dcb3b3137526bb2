package com.joyoi.management.actor;

import com.joyoi.management.model.BlobReference;
import java.util.List;

/** How an actor run ended. */
public sealed interface ActorResult {
  /** The program succeeded; its outputs are stored. */
  record Succeeded(List<BlobReference> outputs) implements ActorResult {
    public Succeeded {
      outputs = List.copyOf(outputs);
    }
  }

  /** The program failed, or no node could run it in all attempts. */
  record Failed(String reason) implements ActorResult {}
}
