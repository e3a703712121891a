import { CHART_STYLE } from "../chart/chart-frame.js";

/** The style of every page: light, dark by the reader's preference, and paper. No fonts or pictures from elsewhere. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;
--ground:#fbfbf9;--card:#fff;--ink:#1c2430;--ink-quiet:#5b6675;--line:#e3e6ea;--line-strong:#8a94a3;
--accent:#0072b2;--bad:#c0392b;--good:#00785a;--shadow:0 1px 2px #1018281a,0 4px 16px #1018280d}
@media (prefers-color-scheme:dark){:root{
--ground:#10141a;--card:#181d25;--ink:#e6eaf0;--ink-quiet:#a0abba;--line:#2b333f;--line-strong:#6b7686;
--accent:#56b4e9;--bad:#ff8371;--good:#4fd1a5;--shadow:none}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:36px 28px 72px}
h1{font-size:clamp(30px,4.4vw,46px);line-height:1.12;letter-spacing:-.022em;font-weight:680;margin:10px 0 16px;max-width:22em;text-wrap:balance}
h2{font-size:23px;line-height:1.25;letter-spacing:-.012em;margin:64px 0 6px}
h3{font-size:16px;margin:0}
p{margin:0 0 12px;max-width:68ch}
.lead{font-size:19px;line-height:1.5;color:var(--ink-quiet);max-width:60ch}
.quiet,figcaption{color:var(--ink-quiet)}
.brand{display:flex;align-items:center;gap:10px;font-size:14px;font-weight:600;letter-spacing:.02em;color:var(--ink-quiet)}
.brand svg{display:block}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));margin:30px 0 0;background:var(--card);
border:1px solid var(--line);border-radius:14px;overflow:hidden;box-shadow:var(--shadow)}
.figures>div{box-shadow:0 0 0 1px var(--line);padding:18px 22px 16px}
.figures .number{font-size:36px;line-height:1.1;font-weight:660;letter-spacing:-.02em;color:var(--ink)}
.figures .label{font-weight:600;margin-top:4px}
.figures .detail{font-size:14px;line-height:1.4;color:var(--ink-quiet);margin-top:2px}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:16px;margin-top:18px}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:14px 16px 14px;box-shadow:var(--shadow);break-inside:avoid}
.card header{display:flex;align-items:baseline;gap:9px;margin-bottom:10px}
.card header .quiet{font-size:14px;margin-left:auto;text-align:right}
.chip{flex:none;width:11px;height:11px;border-radius:3px;background:var(--class);align-self:center}
.row{display:flex;gap:10px}
.slices{display:grid;gap:2px;border-radius:8px;overflow:hidden;background:#000}
.slices.three{grid-template-columns:repeat(3,1fr)}
.slice{position:relative;display:block;line-height:0}
.slice img,.slice svg{width:100%;height:auto;display:block;aspect-ratio:1}
.slice svg{position:absolute;inset:0}
.slice span{position:absolute;left:5px;bottom:4px;font-size:10px;line-height:1.2;color:#fff;text-shadow:0 0 3px #000,0 0 2px #000;opacity:.85}
.outline-back{fill:none;stroke:#000;stroke-opacity:.55;stroke-width:11}
.outline{fill:none;stroke-width:6;stroke-linejoin:round}
.bar-back{fill:none;stroke:#000;stroke-opacity:.7;stroke-width:1.4}
.bar{fill:none;stroke:#fff;stroke-width:.7}
.surface{display:block;width:100%;height:auto}
.caption{font-size:12.5px;line-height:1.35;color:var(--ink-quiet);margin:6px 0 0}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:16px;margin-top:18px}
.panel{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:16px 20px;box-shadow:var(--shadow);min-width:0;break-inside:avoid}
.panel.tall{grid-row:span 2}.panel.wide{grid-column:1/-1}
.panel p{font-size:14px;line-height:1.5;color:var(--ink-quiet);margin:4px 0 12px}
.panel .chart{max-width:100%;height:auto}
.gallery{margin-top:26px}
.gallery header{display:flex;align-items:center;gap:9px;border-bottom:1px solid var(--line);padding-bottom:7px;margin-bottom:12px;break-after:avoid}
.gallery header .quiet{font-size:14px}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:14px 12px}
.tile{min-width:0;break-inside:avoid}
.tile .four{display:grid;grid-template-columns:1fr 1fr;gap:2px;border-radius:9px;overflow:hidden;background:var(--line);outline:2px solid transparent;outline-offset:1px}
.tile .four .solid{background:var(--card);display:flex;align-items:center}
.tile.wrong .four{outline-color:var(--bad)}
.tile .verdict{font-size:13px;line-height:1.35;margin-top:5px;display:flex;align-items:baseline;gap:6px}
.tile .verdict .chip{width:9px;height:9px;align-self:center}
.tile.wrong .verdict{color:var(--bad);font-weight:600}
.tile .scores{font-size:12px;line-height:1.35;color:var(--ink-quiet)}
.tile .name{font-size:11px;line-height:1.35;color:var(--ink-quiet);overflow:hidden;overflow-wrap:anywhere;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2}
.warnings{margin:12px 0 0;padding:12px 16px 12px 34px;border:1px solid var(--line-strong);border-left:4px solid var(--accent);border-radius:6px;background:var(--card)}
.steps{counter-reset:step;display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:14px 28px;margin:18px 0 0;padding:0;list-style:none}
.steps li{counter-increment:step;border-top:2px solid var(--ink);padding-top:10px;font-size:15px;line-height:1.5;color:var(--ink-quiet)}
.steps b{display:block;color:var(--ink);font-size:16px}
.steps b::before{content:counter(step) "  ";color:var(--accent)}
table{border-collapse:collapse;font-size:14px;line-height:1.4}
.scroll{overflow-x:auto}
.panels+.scroll{margin-top:22px}
th,td{text-align:left;padding:7px 18px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;white-space:nowrap}
td.number,th.number{text-align:right}
.facts th{color:var(--ink-quiet);font-weight:500;width:13em}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
dl{margin:14px 0 0;display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:14px 32px}
dt{font-weight:600}
dd{margin:0;color:var(--ink-quiet);font-size:15px;max-width:60ch}
footer{margin-top:56px;padding-top:14px;border-top:1px solid var(--line);font-size:13px;color:var(--ink-quiet)}
@media print{:root{color-scheme:light;--ground:#fff;--card:#fff;--ink:#1c2430;--ink-quiet:#4a5563;--line:#d9dde2;--line-strong:#8a94a3;--shadow:none}
body{font-size:11pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}main{max-width:none;padding:0}h2{margin-top:32px;break-after:avoid}
.tiles{grid-template-columns:repeat(6,1fr)}.cards{grid-template-columns:repeat(3,1fr)}}
${CHART_STYLE}`;
