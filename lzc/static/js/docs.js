// The page of the API: Swagger UI on our own document.
const here = document.getElementById("api");
const page = document.documentElement;
if (page.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches) page.classList.add("dark-mode");

SwaggerUIBundle({
  domNode: here,
  url: here.dataset.schema,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: false,
  validatorUrl: null,
  // Who is logged in may try it in their own name: a browser proves that the page is ours.
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET" && !request.headers.Authorization) {
      request.headers["X-CSRFToken"] = here.dataset.csrf;
    }
    return request;
  },
});
