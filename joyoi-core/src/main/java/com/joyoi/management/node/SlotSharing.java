package com.joyoi.management.node;

/**
 * Decides how many slots of its nodes a pool may use, where other services use the same ones.
 * Thread-safe.
 */
public interface SlotSharing {
  /** For a pool that shares its nodes with nobody: all slots are its own. */
  SlotSharing NONE =
      new SlotSharing() {
        @Override
        public boolean isShared() {
          return false;
        }

        @Override
        public void begin(SharedNodes nodes) {}

        @Override
        public void engineKnown() {}

        @Override
        public boolean isHeld() {
          return true;
        }
      };

  /** Whether a node has no slots until some are given to it. */
  default boolean isShared() {
    return true;
  }

  /** Gets the nodes whose slots it gives; called once, before anything else. */
  void begin(SharedNodes nodes);

  /** A node's engine has said who it is. Called outside of locks; must not block. */
  void engineKnown();

  /**
   * Whether nobody can have taken over by now what was given. Asked at the start of each program:
   * must cost nothing.
   */
  boolean isHeld();
}
