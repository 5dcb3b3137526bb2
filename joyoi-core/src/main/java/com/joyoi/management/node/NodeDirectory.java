package com.joyoi.management.node;

import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.model.SwarmStatus;
import java.util.Optional;

/**
 * Which nodes there are beside those of the configuration, and which are cordoned. What is changed
 * here holds for all services of the database, at once for this one. Thread-safe; calls that change
 * something block, and throw a {@link com.joyoi.management.error.JoyoiException} UNAVAILABLE when
 * the database does not answer.
 */
public interface NodeDirectory {
  /**
   * Adds a node, or changes the one of that name: what runs there goes on, and then the old one
   * leaves.
   *
   * @throws com.joyoi.management.error.JoyoiException INVALID, naming each field that is wrong;
   *     CONFLICT when the configuration or a swarm names that node, or another node has its address
   */
  void put(String name, NodeDefinition definition);

  /**
   * Has a node leave that was put: no new work, and it goes when what runs there has ended.
   *
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND when there is none; CONFLICT when
   *     it is the configuration or a swarm that names it
   */
  void remove(String name);

  /**
   * Stops new work on a node, or allows it again, until that is changed; what runs goes on.
   *
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND when there is no such node;
   *     CONFLICT when it shall have work and its swarm gives it none
   */
  void cordon(String name, boolean cordoned);

  /** The swarm that is looked at; empty when none is configured. */
  Optional<SwarmStatus> swarm();
}
