// Shows how a payment stands as soon as that changes. Without this the page asks again by itself.
addEventListener("load", () => setTimeout(() => {
  const again = () => location.reload();
  // This replaces the page's own asking; a stream that is refused or lost for good brings it back.
  window.stop();
  const source = new EventSource(document.querySelector("[data-events]").dataset.events);
  source.addEventListener("state", ({ data }) => {
    if (data === "started" || data === "pending") return;
    source.close();
    again();
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(again, 10_000);
  });
}));
