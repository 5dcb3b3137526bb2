package com.joyoi.management.callback;

import com.joyoi.management.error.JoyoiException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which web services state machines may call. The address comes from whoever submits an instance,
 * so that without rules everything is out of bounds at which this service could do harm in the
 * submitter's place: this machine, what is link-local, the nodes, the database. Thread-safe.
 */
public final class CallbackPolicy {
  private static final Logger log = LoggerFactory.getLogger(CallbackPolicy.class);

  private static final String HOST = "parameters.Host";
  private static final String URL = "parameters.CallbackUrl";

  /** What is stored of an address, in characters. */
  public static final int MAX_URL_LENGTH = 2000;

  /** Also the short forms, such as 2130706433 for 127.0.0.1. */
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,10}(\\.[0-9]{1,10})*");

  private final @Nullable List<HostRule> allowed;
  private final Supplier<Set<String>> guarded;
  private final NameService names;
  private final Map<String, List<InetAddress>> lastKnown = new ConcurrentHashMap<>();

  /**
   * @param allowed all that may be called; null for everything that is not out of bounds
   * @param guarded the host names and addresses that the nodes and the database have now
   */
  public CallbackPolicy(@Nullable List<HostRule> allowed, Supplier<Set<String>> guarded) {
    this(allowed, guarded, InetAddress::getAllByName);
  }

  CallbackPolicy(
      @Nullable List<HostRule> allowed, Supplier<Set<String>> guarded, NameService names) {
    this.allowed = allowed == null ? null : List.copyOf(allowed);
    this.guarded = guarded;
    this.names = names;
  }

  /** Looks a name up. */
  @FunctionalInterface
  interface NameService {
    InetAddress[] lookUp(String host) throws UnknownHostException;
  }

  /**
   * Checks what can be known of {@code Host} without looking its name up.
   *
   * @return its address, without a slash at the end
   * @throws JoyoiException INVALID
   */
  public URI check(String host) {
    return check(HOST, host, parsed(HOST, host.strip().replaceFirst("/+$", ""), false));
  }

  /**
   * Checks what can be known of {@code CallbackUrl} without looking its name up; it may have a
   * query.
   *
   * @throws JoyoiException INVALID
   */
  public URI checkUrl(String url) {
    if (url.length() > MAX_URL_LENGTH) {
      throw JoyoiException.invalid(
          URL + " has " + url.length() + " characters; it must have at most " + MAX_URL_LENGTH);
    }
    return check(URL, url, parsed(URL, url.strip(), true));
  }

  private URI check(String field, String host, URI base) {
    if (allowed != null) {
      if (allowed.stream().noneMatch(rule -> rule.covers(base))) {
        throw JoyoiException.invalid(
            field, host, "one of those that Callback.Hosts of the configuration allows");
      }
      return base;
    }
    var name = HostRule.withoutDot(base.getHost().toLowerCase(Locale.ROOT));
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      throw refused(field, host, "is this machine");
    }
    if (guarded.get().contains(name)) {
      throw refused(field, host, "is that of a node or of the database");
    }
    if (name.startsWith("[") || IPV4.matcher(name).matches()) {
      literalFault(name)
          .ifPresent(
              fault -> {
                throw refused(field, host, fault);
              });
    }
    return base;
  }

  private static URI parsed(String field, String host, boolean mayHaveQuery) {
    URI uri;
    try {
      uri = URI.create(host);
    } catch (IllegalArgumentException e) {
      throw JoyoiException.invalid(field, host, "an address such as http://judge.example:8080");
    }
    if (uri.getRawUserInfo() != null) {
      // Not shown: it may be a password.
      throw JoyoiException.invalid(field + " names a user; it must be without user info");
    }
    var isWeb =
        "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!isWeb || uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65535) {
      throw JoyoiException.invalid(field, host, "an address such as http://judge.example:8080");
    }
    if (uri.getRawFragment() != null || (uri.getRawQuery() != null && !mayHaveQuery)) {
      throw JoyoiException.invalid(
          field,
          host,
          mayHaveQuery ? "an address without fragment" : "an address without query and fragment");
    }
    return uri;
  }

  private Optional<String> literalFault(String literal) {
    try {
      for (var address : InetAddress.getAllByName(literal)) {
        var fault = fault(address);
        if (fault.isPresent()) {
          return fault;
        }
      }
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of("is no address");
    }
  }

  private static JoyoiException refused(String field, String host, String fault) {
    return JoyoiException.invalid(
        field
            + " is '"
            + host
            + "', which "
            + fault
            + "; it must be a web service elsewhere, or one that Callback.Hosts of the"
            + " configuration allows");
  }

  /**
   * The addresses that may be connected to. They must be used as they are: looked up again, the
   * name might have others.
   *
   * @throws RefusedException when any of them is out of bounds
   */
  InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses;
    try {
      addresses = names.lookUp(host);
    } catch (UnknownHostException e) {
      throw new UnknownHostException("no address is known for the name " + host);
    }
    if (allowed == null) {
      for (var address : addresses) {
        var fault = fault(address);
        if (fault.isPresent()) {
          throw new RefusedException(
              refused(
                  "the called host", host, fault.get() + " (" + address.getHostAddress() + ")"));
        }
      }
    }
    return addresses;
  }

  private Optional<String> fault(InetAddress address) {
    var fault = InternalAddresses.fault(address);
    return fault.isEmpty() && isGuarded(InternalAddresses.unwrapped(address))
        ? Optional.of("is that of a node or of the database")
        : fault;
  }

  private boolean isGuarded(InetAddress address) {
    return guarded.get().stream().anyMatch(host -> guardedAddresses(host).contains(address));
  }

  /** The present ones; the last known while the name can't be looked up. */
  private List<InetAddress> guardedAddresses(String host) {
    try {
      lastKnown.put(host, List.of(names.lookUp(host)));
    } catch (UnknownHostException e) {
      log.debug("The name {} can't be looked up", host, e);
    }
    return lastKnown.getOrDefault(host, List.of());
  }

  /** An address that must not be connected to. */
  static final class RefusedException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    private final JoyoiException reason;

    RefusedException(JoyoiException reason) {
      super(reason.getMessage());
      this.reason = reason;
    }

    JoyoiException reason() {
      return reason;
    }
  }
}
