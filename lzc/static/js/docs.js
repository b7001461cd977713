// The page of the API: Swagger UI on our own document.
const here = document.getElementById("api");
const page = document.documentElement;
if (page.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches) page.classList.add("dark-mode");

// What Swagger leaves out for who hears the page: where it begins, and its second level.
function complete() {
  const second = document.createElement("h2");
  second.textContent = "Operations";
  document.getElementById("operations").prepend(second);
  here.querySelector(".information-container").setAttribute("role", "banner");
}

SwaggerUIBundle({
  domNode: here,
  url: here.dataset.schema,
  // With it each name is a link inside a button, which is neither.
  deepLinking: false,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: false,
  validatorUrl: null,
  onComplete: complete,
  // Who is logged in may try it in their own name: a browser proves that the page is ours.
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET" && !request.headers.Authorization) {
      request.headers["X-CSRFToken"] = here.dataset.csrf;
    }
    return request;
  },
});
