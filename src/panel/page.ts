// The page before its program runs: what is the same for everybody, and what people without JavaScript are told.

export function pageText(files: {
  readonly script: string
  readonly style: string
  readonly icon: string
}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>STUI Sessions</title>
<link rel="icon" href="/panel/${files.icon}" type="image/svg+xml">
<link rel="stylesheet" href="/panel/${files.style}">
<script type="module" src="/panel/${files.script}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the sessions</a>
<header id="top"></header>
<main id="main" tabindex="-1">
<p class="loading" id="loading">Loading the panel…</p>
<noscript><p class="empty">The panel needs JavaScript. Without it, send list_image_sessions to /v1/messages.</p></noscript>
</main>
<div id="notices" role="region" aria-label="Notices (F8)"></div>
<p id="announcer" class="unseen" role="status"></p>
</body>
</html>
`
}
