: filter OUTPUT,FORWARD
host ipset -exist create th4 hash:ip && ipset flush th4 ; ; OK
host ipset -exist create tt4 hash:ip timeout 600 && ipset flush tt4 ; ; OK
host ipset -exist create tn4 hash:net && ipset flush tn4 && ipset add tn4 192.0.2.0/24 ; ; OK
host ipset -exist create tsi hash:ip skbinfo && ipset flush tsi && ipset add tsi 192.0.2.1 skbmark 0x5/0xff skbprio 1:10 skbqueue 2 ; ; OK
host ipset -exist create th6 hash:ip family inet6 && ipset flush th6 ; ; OK
-j SET --add-set th4 src ; = ; OK
    udp src=192.0.2.1                     ; yes
-m set --match-set th4 src -j SET --del-set th4 src ; = ; OK
    udp src=192.0.2.1                     ; yes
    udp src=192.0.2.1                     ; no      # taken out
    udp src=192.0.2.2                     ; no
-j SET --add-set tt4 dst --exist --timeout 30 ; = ; OK
    udp dst=192.0.2.9                     ; yes
-j SET --add-set th4 src --del-set tn4 dst  ; = ; OK
    udp src=192.0.2.1 dst=192.0.2.9       ; yes
-m set --match-set tn4 dst                 ; = ; OK
    udp dst=192.0.2.9                     ; no      # the whole net is gone
6 -j SET --add-set th6 src                 ; = ; OK
    udp src=2001:db8::7                   ; yes
6 -m set --match-set th6 src -j SET --del-set th6 src ; = ; OK
    udp src=2001:db8::7                   ; yes
    udp src=2001:db8::7                   ; no
-j SET --add-set nosuch src               ;  ; FAIL doesn't exist
-j SET --map-set tsi src --map-mark        ;  ; FAIL Invalid argument
-j SET                                    ;  ; FAIL You must specify
bytes 00 00                               ;  ; FAIL 2 bytes of data, expected
