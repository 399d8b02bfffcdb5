// How the console looks: one file, light and dark, on a phone too. Colours have a contrast of 4.5 to 1 or more.

export const style = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c2430;--soft:#556070;--line:#d5dbe3;--band:#f4f6f9;--link:#0b5cad;
--good:#14652f;--goodBack:#e5f5ea;--bad:#a31621;--badBack:#fdebec;--warn:#7a4d00;--warnBack:#fff4dc;--act:#0b5cad;--onAct:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#12161c;--ink:#e4e9f0;--soft:#a5b0bf;--line:#343d4a;--band:#1b212a;--link:#82bbff;
--good:#86dba2;--goodBack:#12301d;--bad:#ffa3a8;--badBack:#3d171b;--warn:#f3cd84;--warnBack:#362a10;--act:#82bbff;--onAct:#0c1420}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem;z-index:1}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:center;padding:.6rem 1.25rem;background:var(--band);border-bottom:1px solid var(--line)}
header p,header form{margin:0}header form{display:flex;gap:.75rem;align-items:center;margin-left:auto}
header span{color:var(--soft)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem;list-style:none;margin:0;padding:0}
nav li a{display:block;padding:.4rem .75rem;border-radius:6px;text-decoration:none}
nav li a:hover{text-decoration:underline}
nav li a[aria-current]{background:var(--paper);color:var(--ink);font-weight:600;box-shadow:0 0 0 1px var(--line)}
main{max-width:76rem;margin:0 auto;padding:1rem 1.25rem 4rem;outline:0}
h1{font-size:1.6rem;line-height:1.25;margin:.75rem 0 1rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.25rem 0 .6rem;overflow-wrap:anywhere}h3{font-size:1rem;margin:1.1rem 0 .4rem}h3+p{margin-top:0}
.hint,caption{color:var(--soft)}
.card{border:1px solid var(--line);border-radius:10px;padding:.25rem 1.1rem 1rem;margin:1.25rem 0}
.card h2{margin:.75rem 0 0}.card form.row{margin-top:1.25rem}fieldset>.hint:first-of-type{margin:.25rem 0 .5rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:0 2rem}
.pair>*{min-width:0}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.25rem 0;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line)}
thead th{font-size:.85rem;color:var(--soft);font-weight:600;white-space:nowrap}
tbody th{font-weight:500}th:last-child,td:last-child{padding-right:0}
.number{text-align:right;white-space:nowrap}.nowrap{white-space:nowrap}.why{display:block;min-width:15rem}
.id,pre,code,textarea{font-family:ui-monospace,monospace;font-size:.9rem}
.id{overflow-wrap:anywhere}table .id{display:inline-block;min-width:9rem}
.tag{display:inline-block;padding:0 .5rem;border-radius:1rem;font-size:.85rem;background:var(--band);border:1px solid var(--line);white-space:nowrap}
.tag.good{background:var(--goodBack);color:var(--good);border-color:var(--good)}
.tag.warn{background:var(--warnBack);color:var(--warn);border-color:var(--warn)}
.tag.bad{background:var(--badBack);color:var(--bad);border-color:var(--bad)}
.notice{padding:.7rem 1rem;border-radius:8px;border:1px solid}
.notice.good{background:var(--goodBack);color:var(--good)}.notice.bad{background:var(--badBack);color:var(--bad)}
.notice.warn{background:var(--warnBack);color:var(--warn)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.25rem;margin:.5rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
ol.story{padding-left:1.25rem}ol.story li{margin:.25rem 0;overflow-wrap:anywhere}
pre{background:var(--band);border:1px solid var(--line);border-radius:8px;padding:.75rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;margin:.5rem 0}
del,ins{border-radius:3px;padding:0 .05rem}del{background:var(--badBack);color:var(--bad)}ins{background:var(--goodBack);color:var(--good)}
ul.problems{padding-left:1.25rem;font-family:ui-monospace,monospace;font-size:.9rem;overflow-wrap:anywhere}
mark{background:var(--warnBack);color:var(--warn);border-radius:3px;padding:0 .15rem}
form.row{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:end;margin:.5rem 0}
form.row label.field{margin:0}form.row input{width:auto;min-width:min(100%,17rem)}form.row p{margin:0;align-self:center}
form.row button{padding:.45rem 1rem}
fieldset{border:1px solid var(--line);border-radius:8px;padding:.5rem 1rem 1rem;margin:1rem 0;min-width:0}
legend{font-weight:600;padding:0 .4rem}
label{display:block}label.field{margin:.5rem 0;min-width:0}label.field>span{display:block;font-size:.9rem;color:var(--soft)}
.choice{display:flex;gap:.6rem;align-items:flex-start;padding:.35rem 0}.choice input{margin:.35rem 0 0;flex:none}
.choice small{display:block;color:var(--soft);font-size:.9rem}
.fields{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,13rem),1fr));gap:0 1rem}
input:not([type=radio]),select,textarea{font:inherit;width:100%;padding:.45rem .6rem;border:1px solid var(--soft);border-radius:6px;background:var(--paper);color:var(--ink)}
input:not([type=radio]),select{max-width:36rem}
textarea{min-height:6rem;font-family:ui-monospace,monospace;font-size:.9rem}
button{font:inherit;font-weight:600;padding:.5rem 1rem;border:1px solid var(--act);border-radius:6px;background:var(--act);color:var(--onAct);cursor:pointer}
button.quiet{background:transparent;color:var(--link);font-weight:500;padding:.25rem .7rem}
@media (max-width:40rem){main{padding:.5rem .9rem 3rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}
header{padding:.5rem .9rem}header form{margin-left:0}form.row>*{flex:1 1 100%}form.row input{width:100%}th,td{padding-right:.45rem;font-size:.93rem}thead th,th.number{white-space:normal}.card{padding:.25rem .8rem .8rem}}
`;
