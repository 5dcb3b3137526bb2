/**
 * The pool of nodes: leases, priorities, health, cordon. Entry type: {@link
 * com.joyoi.management.node.NodePool}. Imports levels up to 1.
 */
@NullMarked
package com.joyoi.management.node;

import org.jspecify.annotations.NullMarked;
