/**
 * The markup of the page, as it is before its script runs.
 *
 * @module
 */

/** The content of the page's body. */
export const PAGE_MARKUP = `
<header>
  <p class="mark">Sparsemble</p>
  <h1>A sparse ensemble, trained in this tab</h1>
  <p class="lead">Take a table, choose what to predict, and watch the networks grow the connections they
    need. Your table stays in this page: it can connect to nothing.</p>
  <noscript><p class="error">This page needs JavaScript: it trains by itself, without a server.</p></noscript>
</header>

<main>
<section id="table" aria-labelledby="table-title">
  <h2 id="table-title"><span class="step">1</span>The table</h2>
  <div class="drop" id="drop">
    <p class="drop-title">Drop a CSV file here</p>
    <p class="drop-actions">
      <label class="button" for="file">Choose a file</label>
      <input class="unseen" type="file" id="file" accept=".csv,.tsv,.txt,.gz,text/csv">
      <button type="button" class="button" id="builtin">Take the built-in data</button>
    </p>
    <p class="hint">Built in: Image Segmentation (UCI, CC BY 4.0). 2,310 regions of outdoor photographs in
      19 numbers: is it grass, sky, brick?</p>
  </div>
  <p class="error" id="table-error" role="alert" hidden></p>
  <div id="table-view" hidden>
    <p class="facts" id="table-facts"></p>
    <div class="scroll" tabindex="0" role="region" aria-label="The first rows of the table">
      <table id="preview"></table>
    </div>
    <form id="choice">
      <div class="field">
        <label for="target">Column to predict</label>
        <select id="target"></select>
      </div>
      <fieldset class="field">
        <legend>It is</legend>
        <div class="switch">
          <label><input type="radio" name="task" value="classification" checked><span>a class</span></label>
          <label><input type="radio" name="task" value="regression"><span>a number</span></label>
        </div>
      </fieldset>
      <div class="field">
        <label for="members">Members</label>
        <select id="members">
          <option>1</option><option>2</option><option>4</option><option selected>6</option>
          <option>8</option><option>12</option>
        </select>
      </div>
      <button type="submit" class="button primary" id="train">Train</button>
    </form>
    <p class="hint" id="target-facts" aria-live="polite"></p>
    <p class="error" id="choice-error" role="alert" hidden></p>
  </div>
</section>

<section id="training" aria-labelledby="training-title" hidden>
  <h2 id="training-title" tabindex="-1"><span class="step">2</span>Training</h2>
  <div class="progress-line">
    <progress id="progress" value="0" max="1" aria-labelledby="training-title"></progress>
    <button type="button" class="button" id="stop">Stop</button>
  </div>
  <p class="facts" id="status"></p>
  <p class="unseen" id="announced" role="status" aria-live="polite"></p>
  <p class="error" id="training-error" role="alert" hidden></p>
  <ul class="remarks" id="remarks" hidden></ul>
  <div class="pair">
    <figure>
      <figcaption>Loss <span class="key own">training</span> <span class="key other">held-out rows</span></figcaption>
      <svg id="loss-chart" class="chart" role="img" aria-label="Loss by epoch"></svg>
    </figure>
    <figure id="accuracy-figure">
      <figcaption>Accuracy <span class="key own">training</span> <span class="key other">held-out rows</span></figcaption>
      <svg id="accuracy-chart" class="chart" role="img" aria-label="Accuracy by epoch"></svg>
    </figure>
  </div>
  <p class="hint below" id="loss-facts">The training loss has dropout and smoothed labels in it: it is the higher one.</p>
  <figure class="layer">
    <figcaption>The first layer, alive <span class="key cell">a connection</span> <span class="key fresh">just
      grown</span></figcaption>
    <p class="hint" id="layer-facts"></p>
    <table id="layer">
      <colgroup><col class="names"><col><col class="counts"><col class="changes"></colgroup>
      <thead class="unseen"><tr><th>Column</th><th>Neurons</th><th>Connections</th><th>Change</th></tr></thead>
      <tbody></tbody>
    </table>
  </figure>
</section>

<section id="outcome" aria-labelledby="outcome-title" hidden>
  <h2 id="outcome-title"><span class="step">3</span>How good it is</h2>
  <div class="verdict">
    <p class="great" id="great"></p>
    <p id="great-facts"></p>
  </div>
  <dl class="numbers" id="numbers"></dl>
  <div class="pair wide">
    <figure>
      <figcaption id="confusion-caption">Confusions</figcaption>
      <div class="scroll" id="confusion" tabindex="0" role="region" aria-labelledby="confusion-caption"></div>
    </figure>
    <figure>
      <figcaption>What it needs</figcaption>
      <p class="hint" id="importance-facts">Columns are being shuffled, one after the other …</p>
      <ol class="bars" id="importance"></ol>
    </figure>
  </div>
</section>

<section id="try" aria-labelledby="try-title" hidden>
  <h2 id="try-title"><span class="step">4</span>Try a row</h2>
  <div class="trial">
    <div class="answer" role="group" aria-labelledby="answer-title">
      <p class="hint" id="answer-title">The ensemble says</p>
      <p class="great small" id="answer" aria-live="polite"></p>
      <ol class="bars" id="probabilities"></ol>
      <p class="hint" id="truth"></p>
      <button type="button" class="button" id="next-row">Another test row</button>
    </div>
    <div>
      <div class="controls" id="controls"></div>
      <details id="more" hidden><summary></summary><div class="controls" id="more-controls"></div></details>
    </div>
  </div>
</section>

<section id="keep" aria-labelledby="keep-title" hidden>
  <h2 id="keep-title"><span class="step">5</span>Take it with you</h2>
  <p id="keep-facts"></p>
  <p><button type="button" class="button primary" id="save">Download the model</button></p>
  <p class="hint">Predict with it on the command line:</p>
  <pre tabindex="0"><code id="predict-command"></code></pre>
  <p class="hint">Train the same there:</p>
  <pre tabindex="0"><code id="train-command"></code></pre>
</section>
</main>

<footer>
  <p>Sparsemble trains truly sparse neural network ensembles. This page is one file: its security policy allows
    no connection, so that it works offline, from a disk or anywhere else.</p>
</footer>
`;
