"use strict";

// No validator: the page asks no other host.
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  // The token that was typed in when the service asked for one.
  requestInterceptor: (request) => {
    const token = sessionStorage.getItem("bearer-token");
    if (token && !request.headers.Authorization) {
      request.headers.Authorization = "Bearer " + token;
    }
    return request;
  },
});
