#!/usr/bin/env python3
"""Writes the poems of the package chinese-poetry as CSV of text, poet and dynasty: poems_csv.py OUT.csv FOLDER

FOLDER holds poet.tang.*.json and poet.song.*.json. What the editors of the two collections did otherwise would tell these apart,
and is taken out: notes in brackets, signs other than commas and full stops, and forms of one character (of the Song poems
none has the form 黃, of the Tang poems almost none has 黄), for which the most frequent stands. A poem of several poets is left out.
Written are the 60,000 with the least SHA-256 of their text, in this order.
"""

import csv
import hashlib
import json
import pathlib
import re
import sys

MOST = 60_000
NOTES = re.compile(r"（[^）]*）|\([^)]*\)|〖[^〗]*〗|\[[^\]]*\]|〔[^〕]*〕|\{[^}]*\}")
OTHERS = re.compile("[^，。\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

# Forms of characters, each with the one that stands for it behind it: by the tables of OpenCC (Apache-2.0), and some more.
FORMS = (
    "匀勻様樣贜贓几幾兹茲甯寧宁寧箧篋濛蒙矇蒙弃棄痴癡岩巖巌巖覈核唤喚錬鍊墻牆墙牆慾欲朮術术術従從换換遅遲焕煥絃弦弑弒昆崑圏圈滬濾棊棋嘩譁体體頴穎争爭"
    "帘簾横橫厂廠毁毀燬毀棱稜諡謚屍尸碍礙妝粧妆粧歳歲鶑鶯佔占麯曲无無柜櫃愠慍獎奬奨奬残殘迹跡蹟跡鱷鰐贗贋朴樸遙遥踰逾奸姦烟煙菸煙抬擡掺摻厩廄況况嫋裊"
    "谢謝楡榆胆膽娱娛惨慘罐缶汎泛氾泛盗盜搖摇揺摇黙默块塊禦御鬬斗鬥斗闘斗缽鉢醞醖将將鬱鬰郁鬰衞衛甦蘇夸誇猫貓刹剎蒐搜捜搜着著氲氳卻却瑤瑶穫獲挟挾廁厠"
    "潜潛鱼魚凈浄淨浄净浄爱愛係繫系繫繋繫户戶戸戶樧榝幹干榦干縧絛覇霸漵溆踊踴凛凜裏里裡里膻羶偬傯燻熏釦扣状狀呆獃涌湧儘盡懐懷奥奧曆歷歴歷盪蕩涂塗捨舍"
    "舎舍戯戲戱戲机機响響個箇个箇鉆鑽勛勳勲勳姗姍奼姹杆桿粮糧挱挲蠍蝎窑窯腳脚覧覽群羣樑梁汹洶騒騷眾衆鳧鳬泄洩韵韻犛氂咏詠糉粽糭粽鋭銳蔔卜荐薦竪豎锧鑕"
    "减減岳嶽异異確确脣唇悦悅糁糝慼戚壮壯閤合彙匯滙匯餚肴壜壇罎壇慄栗隱隠隐隠壊壞坏壞吕呂禅禪恵惠鱉鼈泞濘製制吃喫茘荔殼殻渌淥吴吳余餘捱挨灕漓賫齎赍齎"
    "泪淚涙淚廪廩繮韁荘莊韆千筑築廈厦牀床檐簷賴頼嚥咽楼樓鍼針吒咤侠俠秃禿蝨虱涼凉丰豐豊豐穏穩稳穩罵駡郷鄉黃黄数數窪洼顏顔鉤鈎僱雇滚滾譟噪孃娘聯連蓆席"
    "疴痾鳙鱅广廣佈布杰傑衕同别別範范豫予媪媼装裝随隨臥卧浃浹產産蘊藴頽頹痩瘦荚莢緼縕帶带帯带嚮向曏向掲揭鑒鑑剷鏟葯藥药藥纍累汙污汚污梼檮禄祿没沒袜襪"
    "莅蒞鞦秋袞衮蹠跖稲稻堕墮簑蓑髄髓舘館掛挂齢齡寝寢铘鋣䅉稏絶絕飚飈週周删刪棁梲卹恤児兒蔿蒍儁俊鷄雞劒劍剣劍彫雕琱雕蜕蛻殭僵霡霢輓挽昇升陞升眦眥壎塤"
    "穂穗猨猿闇暗澱淀虚虛蔥葱宫宮币幣決决垅壠灩灧関關為爲奂奐讚贊賛贊麪麵偻僂羡羨屦屨轀輼蜡蠟徴徵塚冢遡泝溯泝恆恒蒓蓴錘鎚旂旗闢辟丑醜辯辨瓣辨弁辨攜携"
    "惬愜殁歿惮憚鬚須幺么种種縴纖云雲侣侶纔才萧蕭豔艷懍懔径徑註注叠疊虫蟲飢饑椁槨謡謠穣穰陕陝飱飧醋酢翫玩耻恥螀螿夹夾沖衝冲衝複復盖蓋痒癢瞩矚聪聰嘆歎"
    "灾災吊弔党黨笋筍腊臘怜憐髮發髪發潙溈瓮甕俩倆蒋蔣緑綠摺折晒曬哄鬨壌壤鎌鐮録錄彔錄录錄姜薑竃竈醬醤菴庵採采寀采兇凶毎每収收増增効效参參繃綳台臺芸藝"
    "蕓藝叶葉璿璇黒黑虯虬硃朱畵畫盃杯糰團嘘噓抛拋脩修峯峰勅敕淒凄悽凄証證寛寬莱萊皁皂亘亙聴聽听聽彿佛倖幸掻搔荊荆榘矩薫薰缺欠撃擊绵綿鬆松凭憑鹹咸晋晉"
    "义義毵毿弹彈痺痹啓啟钺鉞厘釐溼濕両兩两兩猪豬箓籙疎疏鶿鷀栖棲峡峽舣艤税稅辀輈鐫鎸洒灑兗兖綉繡筝箏荬蕒准準悮悞鉄鐵粤粵脱脫瀬瀨凑湊仆僕嬾懶后後担擔"
    "迴回閱閲廕蔭麫面強强扑撲蝇蠅隻只衹只虆蔂驢馿祕秘蹰躕鼕冬屡屢籲吁来來醸釀彦彥廚厨緻致并並併並鷳鷴属屬簽籤瀦潴渇渴犠犧咒呪歩步峥崢臟髒臓髒櫂棹捲卷"
    "温溫敎教脉脈焼燒静靜嬀媯乗乘条條叙敘敍敘逓遞册冊縦縱煴熅霑沾穀谷曽曾誌志禀稟淩凌皐皋剥剝据據踪蹤游遊婵嬋専專髙高鬭斗餠餅閙鬧閒閑褭裊堦階幷並斾旆"
    "埽掃鏁鎖慙慚沈沉覩睹鑪爐麽麼蘂蕊"
)
ONE_FORM = str.maketrans(dict(zip(FORMS[::2], FORMS[1::2], strict=True)))


def main(out, folder):
    poets = {}
    poems = 0
    for path in sorted(pathlib.Path(folder).glob("poet.*.json")):
        dynasty = path.name.split(".")[1]
        for poem in json.loads(path.read_text(encoding="utf-8")):
            poems += 1
            text = OTHERS.sub("", NOTES.sub("", "".join(poem["paragraphs"]))).translate(ONE_FORM)
            if text.strip("，。"):
                poets.setdefault(text, set()).add((poem["author"], dynasty))
    kept = [(text, *next(iter(found))) for text, found in poets.items() if len(found) == 1]
    kept.sort(key=lambda poem: hashlib.sha256(poem[0].encode()).digest())
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["text", "poet", "dynasty"])
        writer.writerows(kept[:MOST])
    several = len(poets) - len(kept)
    print(f"{poems} poems: {len(poets)} different ones, {several} of several poets, {min(len(kept), MOST)} written", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
