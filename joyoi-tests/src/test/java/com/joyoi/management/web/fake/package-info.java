/** A service in memory, for tests of what stands in front of one. */
package com.joyoi.management.web.fake;
