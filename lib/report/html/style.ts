/** Rows as blocks, in which each figure has its column's title beside it. */
function blocks(table: string): string {
  return `${table} thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
${table},${table} tbody,${table} caption{display:block}${table} tr{display:grid;grid-template-columns:repeat(3,1fr);gap:0 16px;border-top:1px solid var(--line);padding:8px 0}
${table} tbody th{grid-column:1/-1;border:0;padding:0 0 2px}${table} tbody th:empty{display:none}
${table} td{border:0;padding:1px 0;display:flex;justify-content:space-between;gap:6px}${table} td::before{overflow-wrap:break-word;content:attr(data-label);color:var(--soft);font-size:13px}`;
}

/** The page's look: light and dark by the reader's choice, paper always light, one column when it is narrow. */
export const STYLE = `
:root{--page:#f5f6f8;--card:#fff;--text:#1b212c;--soft:#586273;--line:#dfe3e9;--ground:#e9ecf1;--good:#167a46;--good-tint:#d9efe2;--bad:#c2282d;--bad-tint:#f9dfdf;--open:#8a5a00;--main:#2c66c8;--main-tint:#c4d6f5;--aside:#7a8494;--aside-tint:#d7dbe2}
@media (prefers-color-scheme:dark){:root{--page:#10141a;--card:#181e27;--text:#e6eaf1;--soft:#9ba6b6;--line:#2c3541;--ground:#252d38;--good:#4dc78d;--good-tint:#173a2a;--bad:#ff7b7b;--bad-tint:#4a2226;--open:#e0ad4f;--main:#6fa2f5;--main-tint:#263d63;--aside:#8791a1;--aside-tint:#343d4a}}
@media print{:root{--page:#fff;--card:#fff;--text:#1b212c;--soft:#586273;--line:#dfe3e9;--ground:#e9ecf1;--good:#167a46;--good-tint:#d9efe2;--bad:#c2282d;--bad-tint:#f9dfdf;--open:#8a5a00;--main:#2c66c8;--main-tint:#c4d6f5;--aside:#7a8494;--aside-tint:#d7dbe2;color-scheme:light}}
*{box-sizing:border-box;print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{margin:0 auto;max-width:1160px;padding:24px 20px 48px;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
header,section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:20px 24px;margin:0 0 16px}
header{border-top:6px solid var(--good)}header.bad{border-top-color:var(--bad)}
header p{margin:6px 0}
h1{font-size:24px;line-height:1.3;margin:2px 0 8px;font-weight:650}
h2{font-size:18px;margin:0 0 12px;font-weight:650}
h3,caption{font-size:14px;margin:20px 0 6px;font-weight:650;text-align:left}
h2+h3,caption{margin-top:0}caption{padding:0 0 4px}caption:empty{display:none}
.scenario{color:var(--soft);font-weight:650;letter-spacing:.02em}
.badge{display:inline-block;padding:1px 12px;border-radius:6px;background:var(--good);color:var(--card);margin-right:6px;white-space:nowrap}
.bad .badge{background:var(--bad)}
.note,figcaption,.basis{color:var(--soft);font-size:13px}
.note{margin:8px 0 0}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;white-space:pre-wrap}
ul{list-style:none;margin:0;padding:0}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-top:16px}
.tiles li{border:1px solid var(--line);border-radius:8px;padding:10px 14px;font-variant-numeric:tabular-nums}
.tiles span{display:block;color:var(--soft);font-size:13px}.tiles b{display:block;font-size:23px;line-height:1.35;font-weight:650}
.hints{margin:12px 0 0}.hints li{border-left:4px solid var(--open);padding:4px 12px;margin:6px 0;background:var(--ground);border-radius:0 6px 6px 0}
.target{display:grid;grid-template-columns:22px minmax(120px,1.3fr) 90px 150px minmax(90px,1.2fr) minmax(160px,2.4fr);gap:4px 12px;align-items:center;padding:6px 0;border-top:1px solid var(--line);font-variant-numeric:tabular-nums}
li:first-child>.target{border-top:0}
.target .mark{font-weight:700;color:var(--good)}.target.bad .mark,.target.bad .measured{color:var(--bad)}.target.open .mark{color:var(--open)}
.target .measured{font-weight:650}.target .asked{color:var(--soft)}
svg{display:block}
.bar{width:100%;height:18px}
.ground{fill:var(--ground)}.allowed{fill:var(--good-tint)}.value{fill:var(--good)}.bad .value{fill:var(--bad)}.limit{fill:var(--text)}
.all-flows{display:grid;grid-template-columns:1fr 1fr;gap:14px 40px}.flows{margin:0;min-width:0}.flows.long{grid-column:1/-1}.flows figcaption{font-weight:650;margin-bottom:6px}
.flow{width:100%;height:auto;font-size:15px;fill:var(--text)}
.flow text{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}.narrow text:not(.loss):not(.aside){stroke:none}
.flow .count{font-weight:650;font-variant-numeric:tabular-nums}.flow .wide .count{font-size:18px}
.flow path.main{fill:var(--main-tint)}.flow path.loss{fill:var(--bad-tint)}.flow path.aside{fill:var(--aside-tint)}
.station{fill:var(--main)}.end.loss{fill:var(--bad)}.end.aside{fill:var(--aside)}text.loss{fill:var(--bad)}
.narrow{display:none}
.equations{margin-top:2px}.equations li{padding-left:2ch;text-indent:-2ch;font:13px/1.7 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.equations.bad li{color:var(--bad)}
.reason{display:grid;grid-template-columns:minmax(120px,auto) 70px 1fr;gap:2px 12px;align-items:center;padding:8px 0;border-top:1px solid var(--line)}
.reason code{font-weight:650}.reason .count,.texts .count{font-variant-numeric:tabular-nums;font-weight:650;text-align:right}
.reason .share{width:100%;height:8px}.reason .value{fill:var(--bad)}
.reason p{grid-column:1/-1;margin:0;color:var(--soft);font-size:14px}
.texts li{padding:4px 0}.texts p{margin:0 0 2px;color:var(--soft);font-size:14px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin-bottom:8px}
th,td{padding:6px 8px;text-align:right;border-top:1px solid var(--line);font-weight:400}
thead th{overflow-wrap:break-word;color:var(--soft);font-size:13px;border-top:0}
th:first-child{text-align:left;padding-left:0}tbody th{font-weight:650;min-width:150px}
td:last-child{padding-right:0}
${blocks('.many')}
.many tr{grid-template-columns:repeat(4,1fr)}.many.wordy tr{grid-template-columns:repeat(3,1fr)}
.spread{width:220px;height:16px;margin-left:auto}.spread .value{fill:var(--main)}.spread .tail{fill:var(--main-tint)}.spread .ground{fill:var(--aside-tint)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:4px 24px;margin:8px 0 0}
dl div{display:flex;justify-content:space-between;gap:12px;border-top:1px solid var(--line);padding:5px 0}
dl .long{grid-column:1/-1;justify-content:start}.long dd{text-align:left}.whole{white-space:nowrap}
dt{color:var(--soft);flex:none;max-width:65%}dd{margin:0;text-align:right;font-variant-numeric:tabular-nums}
.fine li{color:var(--good)}
.beside{display:grid;grid-template-columns:3fr 2fr;gap:16px;align-items:start}
.beside dl{grid-template-columns:1fr}
@media screen and (max-width:720px){
body{padding:12px 10px 32px}header,section{padding:16px 14px}
h1{font-size:20px}.tiles{grid-template-columns:1fr 1fr;gap:8px}.tiles b{font-size:19px}
.target{grid-template-columns:22px 1fr auto}.target .name{grid-column:2/4;font-weight:650}.target .asked{grid-column:2}.target .measured{grid-column:3;text-align:right}.target .basis{grid-column:2/4}.target .basis:empty{display:none}.target .bar{grid-column:2/4}
.wide{display:none}.narrow{display:block;max-width:420px}.many tr{grid-template-columns:repeat(2,1fr)}
.beside,.all-flows{display:block}.flows{margin-bottom:10px}dl{grid-template-columns:1fr}
${blocks('table')}
td:has(svg){grid-column:1/-1}.wordy tr,.many.wordy tr{grid-template-columns:1fr}td:has(svg)::before{content:none}.spread{width:100%}
}
@media print{
.target{grid-template-columns:18px 1.2fr 70px 110px 1fr 2fr;gap:2px 8px}
body{max-width:none;padding:0;font-size:12px}header,section{border-radius:0;padding:10px 0;border-width:0 0 1px;break-inside:auto}
h2,h3{break-after:avoid}figure,.target,.reason,tr,dl div,.tiles li{break-inside:avoid}
h1{font-size:19px}.tiles{grid-template-columns:repeat(auto-fit,minmax(110px,1fr))}.tiles b{font-size:17px}.spread{width:140px}
}
`;
